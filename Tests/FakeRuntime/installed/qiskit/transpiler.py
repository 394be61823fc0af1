class PassManager:
    def run(self, circuit):
        return circuit


def generate_preset_pass_manager(**options):
    assert {"backend", "seed_transpiler", "optimization_level"} <= set(options)
    return PassManager()
