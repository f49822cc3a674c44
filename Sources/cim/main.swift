import CityCLI
import Foundation

// A terminal or pipe that has gone away must not end a run that writes its results to files.
signal(SIGPIPE, SIG_IGN)
let output = CommandOutput(
  isTerminal: isatty(STDERR_FILENO) == 1,
  out: { CommandOutput.put($0, to: STDOUT_FILENO) },
  err: { CommandOutput.put($0, to: STDERR_FILENO) })
exit(CommandLineTool.run(Array(CommandLine.arguments.dropFirst()), output))
