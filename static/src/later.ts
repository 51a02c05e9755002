/** Screens and dialogs that few need at once: one file, since each of its own would cost a request and shared parts of it more. */
export { LoginPage } from './login/login-page.tsx';
export { SettingsPage } from './settings/settings-page.tsx';
export { KeysDialog } from './shell/keys-dialog.tsx';
export { Palette } from './shell/palette.tsx';
export { WorkersPage } from './workers/workers-page.tsx';
