"""Makes the two embedded Inter files from Debian's fonts-inter: fewer
characters, and quadratic (glyf) outlines, which are small. Run by
hand once per new version of that package:

    apt-get install fonts-inter python3-fonttools
    /usr/bin/python3 assets/fonts/build.py
"""

import os

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

SOURCE = "/usr/share/fonts/opentype/inter/Inter-%s.otf"
RANGES = [
    (0x20, 0x17F), (0x2B0, 0x3FF), (0x400, 0x4FF), (0x2000, 0x20BF), (0x2100, 0x214F),
    (0x2190, 0x23FF), (0x25A0, 0x27BF), (0xFB00, 0xFB06), (0xFFFD, 0xFFFD),
]
FEATURES = ["kern", "ccmp", "mark", "mkmk", "case", "locl"]
MAX_ERROR = 4  # font units of 2816 to the em: 1/50 pixel of a 13 px em


def quadratic(font):
    """Replaces CFF outlines by glyf ones."""
    order = font.getGlyphOrder()
    glyphs = font.getGlyphSet()
    glyf = newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = order, {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, MAX_ERROR, reverse_direction=True))
        glyf.glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), glyf
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in ("maxZones maxTwilightPoints maxStorage maxFunctionDefs maxInstructionDefs maxStackElements "
                  "maxSizeOfInstructions maxComponentElements maxPoints maxContours maxCompositePoints "
                  "maxCompositeContours maxComponentDepth").split():
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    glyf.compile(font)
    del font["CFF "]
    font["post"].formatType = 3.0
    font.sfntVersion = "\000\001\000\000"


for weight in ("Regular", "SemiBold"):
    font = TTFont(SOURCE % weight, recalcTimestamp=False)
    options = subset.Options(layout_features=FEATURES, hinting=False, name_IDs=["*"], notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[u for lo, hi in RANGES for u in range(lo, hi + 1)])
    subsetter.subset(font)
    quadratic(font)
    font.save(os.path.join(os.path.dirname(os.path.abspath(__file__)), "Inter-%s.ttf" % weight))
