import { expect, test } from 'vitest';
import { nameFor, uniqueName } from './name.ts';

test.each([
  ['/usr/local/bin/backup.sh --all', 'backup'],
  ['cd /srv/app && ./bin/rotate >/dev/null 2>&1', 'rotate'],
  ['test -x /usr/sbin/anacron || run-parts --report /etc/cron.daily', 'cron.daily'],
  ['[ -x /usr/bin/certbot ] && perl -e "sleep 3" && certbot -q renew', 'perl'],
  ['cd / && /usr/bin/php -q /srv/artisan.php schedule:run', 'artisan'],
  ['nice -n 10 ionice -c 3 /opt/x/index', 'index'],
  ['flock -n /tmp/lock /opt/sync.py', 'sync'],
  ['A=1 B=2 sudo -u web env C=3 timeout 5m curl -fsS https://example.com', 'curl'],
  ['python3 /opt/report.py', 'report'],
  ['(cd /x; ./do-it)', 'do-it'],
  ['bash -lc "cd /x; ./y.sh"', 'y'],
  ['cd /x', 'cd'],
  ['***', 'job'],
  ['ünïcode', 'n-code'],
])('%s is %s', (command, name) => expect(nameFor(command)).toBe(name));

test('the same name again is numbered', () => {
  expect(uniqueName('a', new Set())).toBe('a');
  expect(uniqueName('a', new Set(['a', 'a-2']))).toBe('a-3');
});
