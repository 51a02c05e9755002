/** What the simulation sees when a guard is missing on SQLite. */
import { testRedControls } from './red-controls.ts';

testRedControls('sqlite');
