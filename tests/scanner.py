"""A scanner of another hand (ZXing-C++) that reads the QR codes which ours wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

import zxingcpp

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["qr_codes"]

_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def qr_codes(picture: Image) -> list[zxingcpp.Barcode]:
    """Every QR code in a picture. Nothing else is looked for: by chance modules look like a linear code."""
    return zxingcpp.read_barcodes(picture, formats=_QR)
