"""Registration: how an agency joins, is listed, and stays fit to be chosen.

Words: agency (中介机构), registration (入驻), qualification (资质), practitioner (执业人员), material (材料),
correction notice (一次性补正告知), gap (容缺), offering (服务事项的登记), standing (信用).
"""
