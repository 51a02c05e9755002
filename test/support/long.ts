/** Whether the full counts run (`npm run test:long`) rather than samples of them (`npm test`). */
export const long: boolean = process.env['JOBSCHED_TEST_LONG'] === '1';
