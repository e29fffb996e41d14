"""What a photo may be: formats, bytes, pixels, seconds and memory. Everything beyond is refused, never tried.

The caps are set by what cameras make. A 48-megapixel telephone writes 12 MB of JPEG, a 100-megapixel camera
35 MB, and a flat-bed scan saved without loss 50 MB.
"""

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "HEIF")
"""The formats that are tried, by Pillow's names; HEIF only where pillow-heif is installed."""

MAX_BYTES = 60_000_000
"""Bytes of one file; larger files are not read at all."""

MAX_PIXELS = 120_000_000
"""Width times height as the file declares it, checked before anything is decoded."""

MIN_SIDE = 64
"""Shortest side in pixels; a fingerprint looks at 32 × 32, so anything smaller is stretched, not seen."""

MAX_SECONDS = 30.0
"""Wall seconds for one photo. The slowest within the other caps, 120 megapixels of PNG, takes 2.3 here;
an old laptop is some four times slower than the server this was measured on, and may be busy with other things."""

MAX_SECONDS_TO_START = 60.0
"""Wall seconds for the child to start; a virus scanner may read every library on a first start."""

MAX_CHILD_MEMORY = 1_280_000_000
"""Bytes of address space of the child: 370 MB of libraries, of which 80 MB are ever used, and one copy and a half of
the largest photo; so it never takes more than 1 GB of memory."""

MAX_OPEN_FILES = 16
"""File descriptors of the child, which is handed its photos and opens none itself."""

WORKING_SIDE = 1024
"""Longest side in pixels of the copy of a photo that everything is measured on."""

THUMBNAIL_SIDE = 256
"""Longest side in pixels of the thumbnail that is kept for looking at side by side."""

MAX_THUMBNAIL_BYTES = 20_000
"""Bytes of that thumbnail, a JPEG."""

COLOUR_FIELDS = 6
"""Fields a side whose mean colours a glance at a photo takes."""

COLOUR_BYTES = 3 * COLOUR_FIELDS**2
"""Bytes of those colours."""

MAX_SIGHT_BYTES = 650_000
"""Bytes of the points of a photo and the grey picture of 640 pixels a side that they were found in."""

MAX_FRAMES = 4
"""Parts of a photo of which a model makes a vector each."""

MAX_DIMENSION = 2_048
"""Numbers of one vector."""
