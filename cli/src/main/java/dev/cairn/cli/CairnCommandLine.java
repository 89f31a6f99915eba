package dev.cairn.cli;

import java.io.PrintWriter;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;

/** The tree of commands over one console, and the one way from a command line to an exit code. */
final class CairnCommandLine {
  private static final int HELP_COLUMNS = 100;

  private final Console console;
  private final CommonOptions common = new CommonOptions();
  private final CommandLine tree;

  CairnCommandLine(Console console) {
    this(console, new ProcessSurroundings());
  }

  CairnCommandLine(Console console, Surroundings surroundings) {
    this.console = console;
    tree = command(new RootCommand());
    tree.addSubcommand(command(new DemoCommand(console)));
    tree.addSubcommand(command(new EnginesCommand(console)));
    tree.addSubcommand(command(new LoadCommand(console)));
    tree.addSubcommand(command(new GetCommand(console)));
    tree.addSubcommand(command(new ScanCommand(console)));
    tree.addSubcommand(command(new PutCommand(console)));
    tree.addSubcommand(command(new DelCommand(console)));
    tree.addSubcommand(command(new HashCommand(console)));
    tree.addSubcommand(command(new DefragCommand(console)));
    tree.addSubcommand(command(new CheckCommand(console)));
    tree.addSubcommand(command(new ServeCommand(console)));
    tree.addSubcommand(
        command(
            new SnapshotCommand(),
            new SaveCommand(console, surroundings),
            new StatusCommand(console),
            new VerifyCommand(console),
            new RestoreCommand(console),
            new ConvertCommand(console)));
    tree.addSubcommand(
        command(
            new WalCommand(),
            new WalDumpCommand(console),
            new WalVerifyCommand(console),
            new WalRepairCommand(console)));
    tree.addSubcommand(command(new SnapCommand(), new SnapDumpCommand(console)));
    tree.addSubcommand(new HelpCommand());
    tree.addSubcommand(new GenerateCompletion());
    configure();
  }

  private CommandLine command(Object command, Object... subcommands) {
    CommandLine line = new CommandLine(command);
    line.addMixin("common", common);
    for (Object subcommand : subcommands) {
      line.addSubcommand(command(subcommand));
    }
    return line;
  }

  private void configure() {
    ErrorLines errors = new ErrorLines(console, common);
    tree.setOut(new PrintWriter(console.out(), true));
    tree.setErr(new PrintWriter(console.err(), true));
    tree.setUsageHelpWidth(HELP_COLUMNS);
    tree.setParameterExceptionHandler(errors);
    tree.setExecutionExceptionHandler(errors);
  }

  int run(String[] args) {
    int exitCode = tree.execute(args);
    boolean lost = console.out().checkError();
    console.err().flush();
    return exitCode == 0 && lost ? ErrorLines.FAILURE : exitCode;
  }
}
