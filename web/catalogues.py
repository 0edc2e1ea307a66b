"""Drafts of the 繁體 catalogue: characters by OpenCC, then the trade's and the web's proper words.

`python -m web.catalogues` fills what is still empty in zh_Hant; what was written by hand stays.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po, write_po
from opencc import OpenCC

FOLDER: Final = Path(__file__).parent / "translations"
WORDS: Final = (
    ("信息", "資訊"),
    ("网上", "網上"),
    ("网络", "網絡"),
    ("账号", "帳號"),
    ("登录", "登入"),
    ("退出登入", "登出"),
    ("密码", "密碼"),
    ("邮箱", "電郵"),
    ("邮件", "電郵"),
    ("文件", "文件"),
    ("链接", "連結"),
    ("搜索", "搜尋"),
    ("上传", "上載"),
    ("下载", "下載"),
    ("打印", "列印"),
    ("默认", "預設"),
    ("服务器", "伺服器"),
    ("软件", "軟件"),
    ("数据", "數據"),
    ("屏幕", "螢幕"),
    ("视频", "影片"),
    ("手机", "手機"),
    ("短信", "短訊"),
    ("二维码", "二維碼"),
    ("质量", "質量"),
    ("支持", "支援"),
    ("程序", "程式"),
)
_convert: Final = OpenCC("s2hk")


def traditional(sentence: str) -> str:
    """Return a simplified sentence in 繁體 with proper words, not only other characters."""
    for simplified, proper in WORDS:
        sentence = sentence.replace(simplified, proper)
    return str(_convert.convert(sentence))


def fill() -> int:
    """Fill the empty entries of zh_Hant; return how many."""
    path = FOLDER / "zh_Hant" / "LC_MESSAGES" / "messages.po"
    catalogue = read_po(path.open("rb"), locale="zh_Hant")
    filled = 0
    for message in catalogue:
        if not message.id:
            continue
        if isinstance(message.id, tuple):
            if not all(message.string or ()):
                message.string = (traditional(str(message.id[0])),)
                filled += 1
        elif not message.string:
            message.string = traditional(str(message.id))
            filled += 1
    catalogue.project, catalogue.header_comment = "intermediary-market", "# 繁體中文"
    with path.open("wb") as out:
        write_po(out, catalogue, no_location=True, sort_output=True, omit_header=False)
    return filled


if __name__ == "__main__":
    fill()
