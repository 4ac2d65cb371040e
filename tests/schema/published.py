# SPDX-License-Identifier: Apache-2.0
"""Checks of records against what others published, read in place from ../shared: Suricata's EVE schema, the fields of
the Elastic Common Schema, OCSF's class Network Activity, and the conn.log rows that Zeek's own tests wrote."""

import copy
import csv
import ipaddress
import json
import re

ISO_DATE = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$")


def is_ip(value):
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


class Suricata:
    """EVE, with `pktana` and our own event types taken out."""

    OWN_EVENTS = {"scan"}
    #: what Suricata 8 writes (eve-reference has it) though its schema does not name it
    UNNAMED = (("rdp", "protocol"), ("rdp", "server_supports"), ("ldap", "request", "search_request", "filter"))

    def __init__(self, shared):
        import jsonschema

        schema = json.loads((shared / "schemas/suricata-eve.schema.json").read_text(encoding="utf-8"))
        self.validator = jsonschema.validators.validator_for(schema)(schema)

    def faults(self, record):
        theirs = {key: value for key, value in record.items() if key != "pktana"}
        theirs = copy.deepcopy(theirs)
        for *around, name in self.UNNAMED:
            inner = theirs
            for key in around:
                inner = inner.get(key, {})
            inner.pop(name, None)
        if theirs["event_type"] in self.OWN_EVENTS:
            theirs["event_type"] = "anomaly"  # the envelope is that of any event
        return [f"{'/'.join(map(str, e.path))}: {e.message}" for e in self.validator.iter_errors(theirs)]


class Ecs:
    """Every field outside `pktana` is one of the schema's, with its type; lists are where it wants lists."""

    TYPES = {
        "keyword": lambda v: isinstance(v, str),
        "constant_keyword": lambda v: isinstance(v, str),
        "long": is_whole,
        "ip": lambda v: isinstance(v, str) and is_ip(v),
        "date": lambda v: isinstance(v, str) and ISO_DATE.match(v),
    }
    OWN = "pktana"

    def __init__(self, shared):
        with open(shared / "schemas/ecs-fields.csv", encoding="utf-8", newline="") as file:
            self.fields = {row["Field"]: row for row in csv.DictReader(file)}

    def faults(self, record, prefix=""):
        found = []
        for key, value in record.items():
            name = prefix + key
            if name == self.OWN:
                continue
            if isinstance(value, dict):
                found += self.faults(value, name + ".")
            else:
                found += self.field_faults(name, value)
        return found

    def field_faults(self, name, value):
        field = self.fields.get(name)
        if field is None:
            return [f"{name} is no ECS field"]
        wants_list = field["Normalization"] == "array"
        if isinstance(value, list) != wants_list:
            return [f"{name} is {'no ' if wants_list else 'a '}list"]
        fits = self.TYPES.get(field["Type"])
        if fits is None:
            return [f"{name}: no check for ECS type {field['Type']}"]
        return [f"{name}: {one!r} is no {field['Type']}" for one in (value if wants_list else [value]) if not fits(one)]


class Ocsf:
    """Attributes, types, enumerations, requirements and constraints of class 4001."""

    PRIMITIVES = {
        "integer_t": is_whole,
        "long_t": is_whole,
        "timestamp_t": is_whole,
        "port_t": lambda v: is_whole(v) and 0 <= v <= 65535,
        "string_t": lambda v: isinstance(v, str),
        "resource_uid_t": lambda v: isinstance(v, str),
        "hostname_t": lambda v: isinstance(v, str),
        "ip_t": lambda v: isinstance(v, str) and is_ip(v),
    }
    #: their enumerations are made of the classes and categories that there are
    BY_CLASS = {"class_uid", "category_uid"}
    #: the parent of product and endpoint, which ../shared does not hold
    ENTITY = {"name": {}, "uid": {}}

    def __init__(self, shared):
        self.folder = shared / "schemas/ocsf"
        self.dictionary = self.load("dictionary.json")["attributes"]
        self.known = {}

    def load(self, name):
        return json.loads((self.folder / name).read_text(encoding="utf-8"))

    def definition(self, kind, name):
        """Attributes and constraints of a class or object, its parents' included."""
        if name in ("object", "_entity"):
            return {"attributes": self.ENTITY if name == "_entity" else {}, "constraints": {}}
        if (kind, name) not in self.known:
            own = self.load(f"{kind}/{name}.json")
            parent = own.get("extends")
            base = self.definition(kind, parent) if parent else {"attributes": {}, "constraints": {}}
            attributes = dict(base["attributes"])
            for key, value in own["attributes"].items():
                if key != "$include":
                    merged = {**attributes.get(key, {}), **value}
                    merged["enum"] = {**attributes.get(key, {}).get("enum", {}), **value.get("enum", {})}
                    attributes[key] = merged
            self.known[kind, name] = {
                "attributes": attributes,
                "constraints": {**base["constraints"], **own.get("constraints", {})},
            }
        return self.known[kind, name]

    def faults(self, record):
        found = self.object_faults("events", "network_activity", record, "")
        attributes = self.definition("events", "network_activity")["attributes"]
        names = attributes["activity_id"]["enum"]
        if (record["class_uid"], record["category_uid"]) != (4001, 4):
            found.append("neither class 4001 nor category 4")
        if record["type_uid"] != record["class_uid"] * 100 + record["activity_id"]:
            found.append("type_uid is not class_uid * 100 + activity_id")
        if record["activity_name"] != names[str(record["activity_id"])]["caption"]:
            found.append("activity_name is not that of activity_id")
        return found

    def object_faults(self, kind, name, value, path):
        definition = self.definition(kind, name)
        attributes = definition["attributes"]
        found = []
        for key, attribute in attributes.items():
            if attribute.get("requirement") == "required" and key not in value:
                found.append(f"{path}{key} is required")
        at_least = definition["constraints"].get("at_least_one")
        if at_least and not set(at_least) & value.keys():
            found.append(f"{path} has none of {at_least}")
        for key, one in value.items():
            if key not in attributes:
                found.append(f"{path}{key} is no attribute of {name}")
            else:
                found += self.value_faults(attributes[key], key, one, path)
        return found

    def value_faults(self, attribute, key, value, path):
        general = self.dictionary[key]
        if key == "unmapped":
            return [] if isinstance(value, dict) else [f"{path}unmapped is no object"]
        kind = general["type"]
        if isinstance(value, dict):
            return self.object_faults("objects", kind, value, f"{path}{key}.")
        if kind not in self.PRIMITIVES:
            return [f"{path}{key}: no check for OCSF type {kind}"]
        if not self.PRIMITIVES[kind](value):
            return [f"{path}{key}: {value!r} is no {kind}"]
        allowed = {**general.get("enum", {}), **attribute.get("enum", {})}
        if key in self.BY_CLASS or not allowed or str(value) in allowed:
            return []
        return [f"{path}{key}: {value!r} is not in its enumeration"]


class Zeek:
    """Names and JSON types as in the rows that Zeek wrote; three more fields come from scripts of its distribution."""

    OF_SCRIPTS = {"vlan": {"int"}, "inner_vlan": {"int"}, "community_id": {"str"}, "ts": {"float"}}

    def __init__(self, shared):
        self.types = dict(self.OF_SCRIPTS)
        self.always = None
        for path in (shared / "captures").rglob("*.oracle.json"):
            for test in json.loads(path.read_text(encoding="utf-8")).get("zeek", []):
                for row in test["logs"].get("conn", {}).get("rows", []):
                    self.learn(row)

    def learn(self, row):
        for key, value in row.items():
            self.types.setdefault(key, set()).add(type(value).__name__)
        self.always = row.keys() if self.always is None else self.always & row.keys()

    def faults(self, record):
        found = [f"{key} is in every row of Zeek's" for key in self.always - record.keys()]
        for key, value in record.items():
            if type(value).__name__ not in self.types.get(key, set()):
                found.append(f"{key}: {value!r} is none of {self.types.get(key)}")
        return found


CHECKS = {"eve": Suricata, "ecs": Ecs, "ocsf": Ocsf, "zeek": Zeek}
