"""The sizes up to which procdsl reads and checks, each far above what real files need."""

FILE_CHARACTERS = 1_000_000
LINES = 100_000
LINE_CHARACTERS = 10_000
NAME_CHARACTERS = 64
NUMBER_CHARACTERS = 40
NUMBER_EXPONENT = 60  # 1e-60 to 1e60: far outside float32, far inside what a fraction can hold
NESTING = 8
MANIFEST_CHARACTERS = 4 * FILE_CHARACTERS
MANIFEST_NESTING = 16
NAMED = 100_000  # names that a file lists
NAMED_CHARACTERS = 1_000  # in each of them
SYNTAX_ERRORS = 25  # the file is parsed anew after each of them
TOKENS = 200_000  # of a file; it is parsed anew as long as no more are read in all
STATEMENTS = 5_000  # of a file: its parts, steps and lines of documentation
LISTED = 5_000  # arguments of a call, values of the model, axes, outputs
STRAY = 200  # characters out of place, after which nothing more is read

FINDINGS = 20  # of one kind that are told; of the others how many there are
USES = 100  # `use` lines that are followed, in all files
USE_DEPTH = 16  # files that use each other, one below the other
VALUES = 200_000  # numbers and texts of one constant
GIVEN = 1_000_000  # of all arguments of all steps
UNDONE = 2_000  # steps through which points, boxes and maps are led, by all that lead them

PLACES = 20  # of one finding
SHOWN = 1_000  # characters of a line of a finding, as it is printed
NAMES = 500  # that a name is held against, to find what it is a slip of

IMAGE_BYTES = 1 << 30  # of an image file
SIDE = 16_384  # of an image, in pixels
PIXELS = 89_478_485  # of an image: as many as Pillow takes without a warning
TILES = 65_536  # that one image is cut into
AXIS = 100_000_000  # of any other axis
RECORDED = 16_000_000  # numbers that a step takes and gives for the golden record
RECORDED_IN_ALL = 64_000_000  # of all steps of `pre`, or of `post`
RECORDED_WORK = 5_000_000_000  # numbers that these steps make on the way
