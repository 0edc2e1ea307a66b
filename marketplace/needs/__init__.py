"""Needs: what an enterprise asks for (采购需求), from draft to notice to its end, with questions and answers.

Words: need, notice (公告: a published need), question, avoidance (回避), ceiling (最高限价), criteria (评分标准).
"""
