/** Where the page starts. */
import { render } from 'preact';
import { App } from './app.tsx';
import { startClock } from './clock.ts';
import { startLive } from './live/live.ts';
import { startRouter } from './router.ts';
import { loadSession } from './session/session.ts';
import { startKeys } from './shell/keys.ts';
import { startTheme } from './theme.ts';

startTheme();
startClock();
startLive();
startRouter();
startKeys();
void loadSession();
const root = document.querySelector('#app');
if (root !== null) render(<App />, root);
