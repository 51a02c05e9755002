/** Fields of features that are designed and not built yet: refused by name, so that nobody relies on them unheard. */
export const LATER_FIELDS: ReadonlySet<string> = new Set([
  'user',
  'group',
  'umask',
  'nice',
  'max_memory_bytes',
  'max_processes',
  'max_open_files',
  'max_cpu_seconds',
  'notify',
  'ping_url',
]);
