/** The program, as soon as this is loaded: `bin/jobsched.js`, `npm start` and the single binary begin here. */
import './options/without-proto.ts';
import { main } from './main.ts';

void main(process.argv.slice(2));
