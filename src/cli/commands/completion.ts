/** `jobsched completion`: what makes a shell complete commands, flags and the names of jobs. */
import { Argument, Command } from 'commander';
import { SCRIPTS, SHELLS, type Shell } from '../completion/scripts.ts';
import { withExamples } from '../help/help.ts';

export function completionCommand(): Command {
  const command = new Command('completion')
    .description(
      'Prints what makes a shell complete commands, flags, and the names of the jobs that the server has. Put the line ' +
        "below into the shell's own file: ~/.bashrc, ~/.zshrc after compinit, ~/.config/fish/config.fish.",
    )
    .addArgument(new Argument('<shell>', 'which one').choices(SHELLS))
    .action((shell: Shell) => {
      process.stdout.write(SCRIPTS[shell]);
    });
  return withExamples(command, ['jobsched completion bash', 'jobsched completion zsh', 'jobsched completion fish']);
}
