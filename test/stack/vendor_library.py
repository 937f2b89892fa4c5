"""Lets the vendor's own library read boards and decode frames, for vendor-library.test.ts.

One request a line on standard input, one answer a line on standard output, both JSON.
"""

import ctypes
import json
import os
import sys
import time

# The library logs to standard output, which belongs to the answers.
answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
sys.stdout = sys.stderr
os.environ["LOG_LEVEL"] = "CRITICAL"

import serial  # noqa: E402
from benchlab_pycore.core import config_io, serial_io  # noqa: E402
from benchlab_pycore.core.sensor_translation import translate_sensor_struct  # noqa: E402
from benchlab_pycore.core.structures import (  # noqa: E402
    BENCHLAB_BL2_PRODUCT_ID,
    BENCHLAB_BL2_SENSOR_FAULT_FIELDS_FROM,
    SensorStructBL2,
    SensorStructBL2Legacy,
    SensorStructOriginal,
)


# USB keeps a write that has no reply apart from the request after it; a pseudo-terminal needs a pause for that.
APART_SECONDS = 0.05


def raw_values(value, path=""):
    """Every integer of a struct by its path: Vin.0, PowerReadings.9.Power, Tamb."""
    if isinstance(value, ctypes.Structure):
        parts = [(name, getattr(value, name)) for name, *_ in value._fields_]
    elif isinstance(value, ctypes.Array):
        parts = list(enumerate(value))
    else:
        # 64-bit words do not survive JSON numbers.
        return {path: str(value) if value > 2**53 else value}
    values = {}
    for name, part in parts:
        values.update(raw_values(part, f"{path}.{name}" if path else str(name)))
    return values


def decoded(sensors, product, firmware):
    return {"raw": raw_values(sensors), "values": translate_sensor_struct(sensors, product, firmware)}


def struct_of(product, firmware):
    if product != BENCHLAB_BL2_PRODUCT_ID:
        return SensorStructOriginal
    return SensorStructBL2Legacy if firmware < BENCHLAB_BL2_SENSOR_FAULT_FIELDS_FROM else SensorStructBL2


def decode(product, firmware, frames):
    struct = struct_of(product, firmware)
    return [decoded(struct.from_buffer_copy(bytes.fromhex(frame)), product, firmware) for frame in frames]


def read(port, frames):
    """Opens the port as the library's documentation says, and uses every read that it offers."""
    with serial.Serial(port, 115200, timeout=1, rtscts=False, dsrdtr=False) as line:
        serial_io._drain_unsolicited_welcome(line)
        identity = serial_io.read_device(line)
        product, firmware = identity["ProductId"], identity["FwVersion"]
        answer = {
            "identity": identity,
            "ping": config_io.ping(line),
            "uid": serial_io.read_uid(line),
            "name": config_io.read_name(line),
            "fan": raw_values(config_io.read_fan_profile(line, 2, 8)),
            "rgb": raw_values(config_io.read_rgb_profile(line, 1)),
            "calibration": config_io.read_calibration(line, product).Crc,
            "frames": [],
        }
        for _ in range(frames):
            sensors = serial_io.read_sensors(line)
            answer["frames"].append({"bytes": bytes(sensors).hex(), **decoded(sensors, product, firmware)})
        config_io.write_name(line, "named by the vendor")
        time.sleep(APART_SECONDS)
        answer["renamed"] = config_io.read_name(line)
        return answer


def read_configuration(port, product):
    """The reads that newer firmware of BENCHLAB 2 offers, a whole-struct write, and what STATUS says to nonsense."""
    with serial.Serial(port, 115200, timeout=1, rtscts=False, dsrdtr=False) as line:
        serial_io._drain_unsolicited_welcome(line)
        fault = config_io.read_fault(line)
        fault.MaxLimit[18] = 99
        config_io.write_fault(line, fault)
        time.sleep(APART_SECONDS)
        calibration = config_io.read_calibration(line, product)
        calibration.Vin[3].Offset = -7
        config_io.write_calibration(line, calibration)
        time.sleep(APART_SECONDS)
        line.write(b"\x42")
        time.sleep(APART_SECONDS)
        status = config_io.read_status(line)
        return {
            "status": int(status),
            "limit": config_io.read_fault(line).MaxLimit[18],
            "offset": config_io.read_calibration(line, product).Vin[3].Offset,
            "default_name": config_io.read_default_config(line, product).FriendlyName.decode(),
        }


def read_for(port, seconds):
    """How many sensor frames the library reads within `seconds`."""
    with serial.Serial(port, 115200, timeout=1, rtscts=False, dsrdtr=False) as line:
        serial_io._drain_unsolicited_welcome(line)
        serial_io.read_device(line)
        frames, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            if serial_io.read_sensors(line) is not None:
                frames += 1
        return frames


tasks = {"read_for": read_for, "decode": decode, "read": read, "read_configuration": read_configuration}

for request in sys.stdin:
    task, arguments = json.loads(request)
    try:
        answer = {"answer": tasks[task](*arguments)}
    except Exception as error:
        answer = {"error": repr(error)}
    print(json.dumps(answer), file=answers, flush=True)
