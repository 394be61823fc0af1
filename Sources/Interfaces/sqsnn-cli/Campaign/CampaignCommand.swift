import CommandParsing

/// `sqsnn campaign`: how far studies and reproductions are.
struct CampaignCommand: CommandGroup {
    static let description = CommandDescription(
        name: "campaign", summary: "Say how far studies and reproductions are, and what failed.",
        discussion: """
            A campaign is many trainings whose results are kept in one folder, as by 'sqsnn study' and 'sqsnn reproduce': the same \
            command again does what is missing or failed, several processes may work on one folder at once.
            """,
        examples: [Example("sqsnn campaign show runs/fig2a", "One campaign, with what failed and why.")],
        subcommands: [CampaignListCommand.self, CampaignShowCommand.self])
}
