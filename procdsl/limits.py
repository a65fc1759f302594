"""The sizes up to which procdsl reads and checks, each far above what real files need."""

FILE_CHARACTERS = 1_000_000
LINE_CHARACTERS = 10_000
NAME_CHARACTERS = 64
NUMBER_CHARACTERS = 40
NUMBER_EXPONENT = 60  # 1e-60 to 1e60: far outside float32, far inside what a fraction can hold
NESTING = 8
MANIFEST_CHARACTERS = 4 * FILE_CHARACTERS
MANIFEST_NESTING = 16
LISTED = 100_000  # names in a file
LISTED_CHARACTERS = 1_000  # in each of them
SYNTAX_ERRORS = 25  # the file is parsed anew after each of them

IMAGE_BYTES = 1 << 30  # of an image file
SIDE = 16_384  # of an image, in pixels
TILES = 65_536  # that one image is cut into
AXIS = 100_000_000  # of any other axis
