"""ONNX graphs: the steps of a pipeline as nodes, which a runtime of models runs."""
