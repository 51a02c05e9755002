/**
 * Takes `__proto__` away from all objects, before anything else is loaded: what copies the fields of somebody's JSON one
 * by one then copies this one too, and changes no prototype. As `node --disable-proto=delete` does, for whoever starts the
 * program without it.
 *
 * Its companion, `--disallow-code-generation-from-strings`, is not for us: find-my-way makes functions of our routes, and
 * does not start without; zod makes them of our schemas, which takes a third off the time of judging a body. No string of a
 * request is among what they compile.
 */
Reflect.deleteProperty(Object.prototype, '__proto__');
