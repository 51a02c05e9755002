# The image of jobsched: `docker build -t jobsched .`, then
#   docker run -p 127.0.0.1:8080:8080 -v jobsched:/var/lib/jobsched jobsched standalone --auth none
# With Redis and workers: docker-compose.yml.

# ---- build: what people get of the sources --------------------------------------------------------------------------

FROM node:26-bookworm-slim AS build
WORKDIR /build

# Not npm ci: see scripts/set-up.sh. No package's own scripts: none of ours needs one to be built with.
COPY package.json package-lock.json .npmrc ./
RUN npm install --no-save --include=dev --include=optional --ignore-scripts

COPY . .
RUN node scripts/build.ts

# ---- the image itself: Node, and one program that has all its packages inside ---------------------------------------

FROM node:26-bookworm-slim

# libatomic1: Node wants it. tini: commands may leave processes behind, which nobody but process 1 can reap, and Node as
# process 1 does not.
RUN apt-get update -qq \
  && apt-get install -y -qq --no-install-recommends libatomic1 tini \
  && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*

WORKDIR /opt/jobsched
COPY package.json LICENSE ./
COPY bin ./bin
COPY --from=build /build/dist/*.js ./dist/
COPY scripts/image-health.ts ./health.ts
RUN ln -s /opt/jobsched/bin/jobsched.js /usr/local/bin/jobsched \
  && install -d -o node -g node -m 700 /var/lib/jobsched

# Commands run as this user, in its home.
USER node
WORKDIR /home/node

# Nobody reaches a container but through a port that was published, or from a network it was put on. It still refuses to
# start before it is told --auth none: whoever reaches the port runs commands in the container.
ENV JOBSCHED_HOST=0.0.0.0 JOBSCHED_DATA_DIR=/var/lib/jobsched
VOLUME /var/lib/jobsched
EXPOSE 8080

HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
  CMD ["node", "/opt/jobsched/health.ts"]

ENTRYPOINT ["tini", "--", "jobsched"]
CMD ["standalone"]
