print("sqsnn")
