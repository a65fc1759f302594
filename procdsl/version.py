"""The version, also the build's."""

VERSION = "0.1.0"
