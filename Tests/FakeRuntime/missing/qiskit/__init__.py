raise ModuleNotFoundError("No module named 'qiskit'", name="qiskit")
