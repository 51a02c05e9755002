/** Every route of the API. The router, the answers to wrong methods and the OpenAPI document are made from this. */
import type { Route } from './route.ts';
import { listAudit } from './audit.ts';
import { createBackup } from './backup.ts';
import { bulkJobs, bulkRuns } from './bulk.ts';
import { checkJobs } from './check-jobs.ts';
import { createJobs } from './create-jobs.ts';
import { watchEvents } from './events.ts';
import { cancelJob, pauseJob, resumeJob, runJob } from './job-actions.ts';
import { deleteJob, getJob, listJobs, listVersions } from './jobs.ts';
import { getOpenApi } from './openapi.ts';
import { createKey, listKeys, revokeKey } from './keys.ts';
import { getFirstError, getLines, searchOutput } from './output-lines.ts';
import { getOutput } from './output.ts';
import { getCalendar } from './calendar.ts';
import { previewSchedules } from './preview.ts';
import { listQueues, pauseQueue, resumeQueue, updateQueue } from './queues.ts';
import { cancelRun, getRun, listJobRuns, listRuns, retryRun } from './runs.ts';
import { login, logout, whoami } from './session.ts';
import { getJobStats, getSeries } from './stats.ts';
import { getDoctor, getMetrics, getStats, listWorkers, live, ready } from './system.ts';
import { updateJob } from './update-job.ts';
import { drainWorker, getWorker } from './workers.ts';

export const ROUTES: readonly Route[] = [
  createJobs,
  checkJobs,
  bulkJobs,
  listJobs,
  getJob,
  updateJob,
  deleteJob,
  listVersions,
  getJobStats,
  runJob,
  pauseJob,
  resumeJob,
  cancelJob,
  listJobRuns,
  listRuns,
  bulkRuns,
  getRun,
  cancelRun,
  retryRun,
  getOutput,
  getLines,
  searchOutput,
  getFirstError,
  previewSchedules,
  getCalendar,
  listWorkers,
  getWorker,
  drainWorker,
  listQueues,
  updateQueue,
  pauseQueue,
  resumeQueue,
  getStats,
  getSeries,
  getDoctor,
  getMetrics,
  createBackup,
  watchEvents,
  whoami,
  login,
  logout,
  listKeys,
  createKey,
  revokeKey,
  listAudit,
  live,
  ready,
  getOpenApi(() => ROUTES),
];
