import CommandParsing

/// `sqsnn data`: everything about data sets.
struct DataCommand: CommandGroup {
    static let description = CommandDescription(
        name: "data", summary: "Look at data sets, and fetch them.",
        discussion: """
            Data sets are looked for in the folders that the environment variable SQSNN_DATA names (separated by \
            colons), in $XDG_DATA_HOME/sqsnn (~/.local/share/sqsnn), and in /usr/share/datasets, where Debian's \
            packages put them. Each has a folder of its own there. Every file is compared with its SHA-256 \
            whenever it is read.
            """,
        examples: [
            Example("sqsnn data list", "what there is"),
            Example("sqsnn data preview fashion-mnist", "an image, and the spikes it becomes"),
        ],
        subcommands: [
            DataListCommand.self, DataInfoCommand.self, DataPreviewCommand.self, DataConvertCommand.self,
            DataFetchCommand.self, DataSimulateCommand.self, DataCompareCommand.self, DataExportCommand.self,
        ])
}
