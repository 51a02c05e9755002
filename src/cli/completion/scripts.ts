/**
 * What a shell is given: it asks `jobsched __complete -- WORDS…`, the last of them unfinished, and gets one candidate a
 * line. Where there is none, it completes files as ever.
 */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

const BASH = `# jobsched completion for bash: eval "$(jobsched completion bash)"
_jobsched() {
  local IFS=$'\\n'
  COMPREPLY=($("\${COMP_WORDS[0]}" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o bashdefault -o default -F _jobsched jobsched
`;

const ZSH = `#compdef jobsched
# jobsched completion for zsh: eval "$(jobsched completion zsh)"
_jobsched() {
  local -a found
  found=("\${(@f)$("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$found" ]]; then compadd -a found; else _files; fi
}
compdef _jobsched jobsched
`;

const FISH = `# jobsched completion for fish: jobsched completion fish | source
function __jobsched_complete
  set -l words (commandline -opc)
  $words[1] __complete -- $words[2..-1] (commandline -ct) 2>/dev/null
end
complete -c jobsched -a '(__jobsched_complete)'
`;

export const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
