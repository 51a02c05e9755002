/**
 * A systemd unit for a daemon of ours.
 *
 * `Type=notify`: `systemctl start` returns when the daemon serves, or fails when it cannot, and what comes after it in the
 * order of units can count on it. systemd's own helper speaks for it (`started/systemd-notify.ts`), hence
 * `NotifyAccess=all`: commands of jobs are not told of the socket, and could stop their own user's daemon anyway.
 *
 * `KillMode=mixed`: TERM goes to jobsched alone, which lets its commands end; what is left after the time-out is killed.
 * Hardened is what no command should need: it may still write where its user may, reach the network and start anything.
 */
export interface UnitOptions {
  readonly daemon: 'standalone' | 'serve' | 'worker';
  /** The program and what stands before the daemon's name, each an absolute path or a word. */
  readonly program: readonly string[];
  /** Flags of the daemon, as they were typed. */
  readonly flags: readonly string[];
  /** For a user's own systemd. */
  readonly isUsers: boolean;
}

/** For a data file that is migrated. */
const START_SECONDS = 600;
/** Longer than --drain-timeout and the time between TERM and KILL. */
const STOP_SECONDS = 90;

export function unitText({ daemon, program, flags, isUsers }: UnitOptions): string {
  const system = isUsers
    ? ''
    : 'EnvironmentFile=-/etc/default/jobsched\nStateDirectory=jobsched\nStateDirectoryMode=0700\nProtectKernelModules=yes\n' +
      'ProtectKernelLogs=yes\nRestrictRealtime=yes\n';
  return `[Unit]
Description=jobsched ${daemon}
${isUsers ? '' : 'Wants=network-online.target\nAfter=network-online.target\n'}
[Service]
Type=notify
NotifyAccess=all
TimeoutStartSec=${START_SECONDS}
ExecStart=${[...program, daemon, ...flags].map(quoted).join(' ')}
Restart=on-failure
RestartSec=2
KillMode=mixed
TimeoutStopSec=${STOP_SECONDS}
LimitNOFILE=65536
LockPersonality=yes
${system}
[Install]
WantedBy=${isUsers ? 'default.target' : 'multi-user.target'}
`;
}

/** As systemd reads a word: `%` and `$` would mean something to it. */
function quoted(word: string): string {
  const safe = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w@+=:,./%-]+$/.test(safe)
    ? safe
    : `"${safe.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
