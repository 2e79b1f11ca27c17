"""A receipt on paper, on a screen and in a chat; every medium carries the same words and the same code."""

from agent_client.printing.printer import printer_png
from agent_client.printing.qr import Matrix, qr_image, qr_matrix, terminal_qr
from agent_client.printing.share import share_png
from agent_client.printing.text import ReceiptText, receipt_text
from agent_client.printing.view import Language, ReceiptKind, ReceiptView
from agent_client.printing.words_chinese import chinese_words
from agent_client.printing.words_english import english_words

__all__ = [
    "Language",
    "Matrix",
    "ReceiptKind",
    "ReceiptText",
    "ReceiptView",
    "chinese_words",
    "english_words",
    "printer_png",
    "qr_image",
    "qr_matrix",
    "receipt_text",
    "share_png",
    "terminal_qr",
]
