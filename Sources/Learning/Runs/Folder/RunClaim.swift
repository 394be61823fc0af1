import Files

/// A folder for a new run, which nobody else writes in.
struct RunClaim {
    let folder: RunFolder
    let lock: FolderLock
    /// What was made for it, outermost first.
    private let made: [String]

    /// Claims a folder, which is made where it is not there.
    ///
    /// - Throws: ``RunError/exists(_:)`` or ``RunError/incomplete(_:missing:)`` where there is a run, `FileError` where the
    ///   folder cannot be made or another process writes there.
    init(_ folder: RunFolder) throws {
        let made = try Folder.make(folder.path)
        do {
            lock = try FolderLock(folder.path)
        } catch {
            Folder.remove(made)
            throw error
        }
        self.folder = folder
        self.made = made
        switch folder.content {
        case .nothing: break
        case .cutOff: removeFiles()
        case .run: throw RunError.exists(folder.path)
        case .incomplete(let name): throw RunError.incomplete(folder.path, missing: name)
        }
        AtomicFile.removePartials(in: folder.path)
    }

    /// Claims the first of `BASE-1`, `BASE-2`, … that is not there.
    init(firstFreeAfter base: String) throws {
        var number = 1
        while true {
            let folder = RunFolder(path: "\(base)-\(number)")
            number += 1
            guard let made = try Folder.makeNew(folder.path) else { continue }
            do {
                (self.folder, self.made, lock) = (folder, made, try FolderLock(folder.path))
                return
            } catch FileError.busy {
                // Another process was asked to write in just this one.
                continue
            } catch {
                Folder.remove(made)
                throw error
            }
        }
    }

    /// Removes what a start that failed has made.
    func abandon() {
        removeFiles()
        AtomicFile.removePartials(in: folder.path)
        lock.remove(made + [folder.figuresPath])
    }

    private func removeFiles() {
        for path in [folder.configurationPath, folder.checkpointPath, folder.metricsPath] {
            AtomicFile.remove(path)
        }
    }
}
