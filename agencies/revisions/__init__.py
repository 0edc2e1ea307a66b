"""Revisions: how the text of a fee schedule is changed without anybody being able to do it alone or unseen.

A *revision* (标准修订) is a whole new text of one schedule: drafted by one person, approved by a second, in force from
its effective day. A *correction* (更正) takes effect back in time; past findings that rest on the
schedule are worked again then and listed, never changed by themselves.
"""
