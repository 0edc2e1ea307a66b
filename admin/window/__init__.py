"""The window desk (镇街窗口): a clerk receives visitors, files for them with consent, and keeps what is couriered.

Words: visit (到窗口一次), consent (授权: what may be filed, until when), filing (代办), shipment (寄送).
"""
