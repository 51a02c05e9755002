/**
 * For scripts of `/bin/sh`: `to_marked <signal> <marks>` signals all processes that have one of the marks, a line each, in
 * their environment, and says in `found` whether there was one. `grep` reads what `sh` cannot, the environments under
 * /proc, each time anew before it signals; where there is no /proc it finds nobody.
 *
 * The marks come by a pipe, since thousands of them are longer than an argument may be; the processes in nine portions,
 * since as many as a host may have are longer than all arguments may be. No line of the marks may be empty: it would be in
 * every environment.
 */
export const TO_MARKED = `
to_marked() {
  found=
  for first in 1 2 3 4 5 6 7 8 9; do
    for file in $(printf '%s\\n' "$2" | grep -lF -f - /proc/$first*/environ); do
      file=\${file#/proc/}; found=yes; kill "-$1" "\${file%/*}"
    done
  done
}`;
