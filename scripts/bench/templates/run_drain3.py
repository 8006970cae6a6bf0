"""Runs drain3 over files of lines: argv[1] is JSON {"sets": [paths], "speed": [paths]}; prints JSON to standard output."""
import json
import statistics
import sys
import time

from drain3 import TemplateMiner
from drain3.masking import MaskingInstruction
from drain3.template_miner_config import TemplateMinerConfig

# The masks of drain3's own examples: one configuration for all logs.
MASKS = [
    (r"((?<=[^A-Za-z0-9])|^)(([0-9a-f]{2,}:){3,}([0-9a-f]{2,}))((?=[^A-Za-z0-9])|$)", "ID"),
    (r"((?<=[^A-Za-z0-9])|^)(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})((?=[^A-Za-z0-9])|$)", "IP"),
    (r"((?<=[^A-Za-z0-9])|^)([0-9a-f]{6,} ?){3,}((?=[^A-Za-z0-9])|$)", "SEQ"),
    (r"((?<=[^A-Za-z0-9])|^)([0-9A-F]{4} ?){4,}((?=[^A-Za-z0-9])|$)", "SEQ"),
    (r"((?<=[^A-Za-z0-9])|^)(0x[a-f0-9A-F]+)((?=[^A-Za-z0-9])|$)", "HEX"),
    (r"((?<=[^A-Za-z0-9])|^)([\-\+]?\d+)((?=[^A-Za-z0-9])|$)", "NUM"),
]


def miner():
    config = TemplateMinerConfig()
    config.masking_instructions = [MaskingInstruction(pattern, "*") for pattern, _ in MASKS]
    config.mask_prefix, config.mask_suffix = "<", ">"
    return TemplateMiner(config=config)


def lines_of(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        return file.read().split("\n")


def parse(path):
    drain = miner()
    ids = [drain.add_log_message(line)["cluster_id"] for line in lines_of(path)]
    templates = {cluster.cluster_id: cluster.get_template() for cluster in drain.drain.clusters}
    return {"groups": [str(i) for i in ids], "templates": [templates[i] for i in ids]}


def speed(path):
    lines = lines_of(path)
    rates = []
    for _ in range(3):
        drain = miner()
        start = time.process_time()
        for line in lines:
            drain.add_log_message(line)
        rates.append(len(lines) / (time.process_time() - start))
    return statistics.median(rates)


job = json.loads(sys.argv[1])
json.dump({"sets": [parse(path) for path in job["sets"]], "speed": [speed(path) for path in job["speed"]]}, sys.stdout)
