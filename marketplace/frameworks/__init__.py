"""Framework agreements (框架协议): a panel of agencies is agreed first, and purchases are called off from it.

Words: framework, panel (入围), member (入围机构), call-off (第二阶段成交), way (成交方式), rotation (顺序轮候).
Source: 政府采购框架协议采购方式管理暂行办法 (财政部令第110号, in force 2022-03-01).
"""
