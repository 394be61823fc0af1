import re


class Parameter:
    def __init__(self, name):
        self.name = name


class Circuit:
    def __init__(self, program):
        self.parameters = [Parameter(name) for name in re.findall(r"^input float\[64\] (\w+);", program, re.M)]
        self.num_qubits = sum(int(count) for count in re.findall(r"^qubit\[(\d+)\]", program, re.M))
        self.num_clbits = sum(int(count) for count in re.findall(r"^bit\[(\d+)\]", program, re.M))


def loads(program):
    return Circuit(program)
