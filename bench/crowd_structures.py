"""What crowd.py and crowd.c both know: the structures of crowd.c, field by field."""

import ctypes


class MemberStructure(ctypes.Structure):
    _fields_ = (
        ("fd", ctypes.c_int),
        ("posts", ctypes.c_int),
        ("size", ctypes.c_int),
        ("digits", ctypes.c_int * 2),
        ("frame", ctypes.c_char_p),
        ("heard", ctypes.c_int64),
        ("posted", ctypes.c_int64),
        ("acked", ctypes.c_int64),
        ("first", ctypes.c_int64),
        ("tail_size", ctypes.c_int),
        ("tail", ctypes.c_char * 32),
        ("sent_at", ctypes.c_double * 64),
    )


class PaceStructure(ctypes.Structure):
    _fields_ = (
        ("rate", ctypes.c_double),
        ("began", ctypes.c_double),
        ("due", ctypes.c_int64),
        ("sent", ctypes.c_int64),
        ("ordered", ctypes.c_int64),
        ("done", ctypes.c_int64),
        ("heard_before", ctypes.c_int64),
        ("order", ctypes.POINTER(ctypes.c_int32)),
        ("latency", ctypes.POINTER(ctypes.c_double)),
    )


class CrowdStructure(ctypes.Structure):
    _fields_ = (
        ("count", ctypes.c_int),
        ("senders", ctypes.c_int),
        ("eager", ctypes.c_int),
        ("lazy", ctypes.c_int),
        ("is_posting", ctypes.c_int),
        ("mark", ctypes.c_char),
        ("ack", ctypes.c_char_p),
        ("refusal", ctypes.c_char_p),
        ("deliveries", ctypes.c_int64),
        ("acks", ctypes.c_int64),
        ("room_for", ctypes.c_int64),
        ("refusals", ctypes.c_int64),
        ("refused", ctypes.c_char * 256),
        ("answered", ctypes.POINTER(ctypes.c_double)),
        ("members", ctypes.POINTER(MemberStructure)),
        ("pace", PaceStructure),
    )
