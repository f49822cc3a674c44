import CityCLI
import Foundation

let output = CommandOutput(
  isTerminal: isatty(STDERR_FILENO) == 1,
  out: { FileHandle.standardOutput.write(Data($0.utf8)) },
  err: { FileHandle.standardError.write(Data($0.utf8)) })
exit(CommandLineTool.run(Array(CommandLine.arguments.dropFirst()), output))
