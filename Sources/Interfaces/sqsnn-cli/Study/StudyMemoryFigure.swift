import Figures
import Studies

/// The figure of `sqsnn study memory`: a panel a task, a line a model, a colour a size and budget.
enum StudyMemoryFigure {
    static func figure(_ study: MemoryStudy, _ report: StudyReport) -> IntervalFigure {
        // The controls come last, below the line.
        let models = study.models.filter { !$0.isControl } + study.models.filter(\.isControl)
        let conditions = study.sizes.flatMap { size in study.spikeBudgets.map { (size: size, budget: $0) } }
        let panels = study.tasks.map { task in
            let marks = report.rows.filter { $0.setting.task == task.name }.compactMap {
                row -> IntervalFigure.Mark? in
                guard let subject = models.firstIndex(where: { $0.name == row.model }),
                    let condition = conditions.firstIndex(where: {
                        $0.size == row.setting.size && $0.budget == row.setting.spikeBudget
                    })
                else { return nil }
                let accuracy = row.accuracy
                return IntervalFigure.Mark(
                    subject: subject, condition: condition, value: 100 * accuracy.mean,
                    low: 100 * accuracy.low, high: 100 * accuracy.high)
            }
            return IntervalFigure.Panel(title: task.name, marks: marks)
        }
        return IntervalFigure(
            name: "memory",
            title:
                "Accuracy on temporal tasks, mean and 95 % interval over \(study.seedCount) seeds; chance is 50 %; "
                + "controls below the line",
            xLabel: "accuracy (%)", range: 45...101, subjects: models.map(\.name),
            firstReference: models.count { !$0.isControl },
            conditions: conditions.map { size, budget in
                let limit = budget.map { "at most \(StudyReport.text(budget: $0)) spikes a step" }
                let isAlone = study.spikeBudgets == [nil]
                return "size \(size)" + (isAlone ? "" : ", " + (limit ?? "spikes unlimited"))
            },
            panels: panels)
    }
}
