import CommandParsing

/// `sqsnn study`: questions that take many trainings to answer.
struct StudyCommand: CommandGroup {
    static let description = CommandDescription(
        name: "study", summary: "Answer a question by many trainings.",
        examples: [Example("sqsnn study memory --quick", "What memory is worth, in a minute and roughly.")],
        subcommands: [
            StudyMemoryCommand.self, StudyClockCommand.self, StudyNoiseCommand.self, StudyCreditCommand.self,
            StudyBoundCommand.self,
        ])
}
