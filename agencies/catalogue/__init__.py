"""The catalogue: which services an approval may ask for, who may give them, and by what parameters they are bought.

Words: service item (服务事项), stage (审批阶段), qualification (资质), threshold (门槛), pricing regime (价格形式).
"""
