# The server for real sites: without the sandbox, without what develops and tests it, as a user without rights.
#   docker build -t confluence-access-graph .
#   docker run --read-only -p 4000:4000 -e CONFLUENCE_URL=… -e CALLER_TOKEN_FILE=/run/secrets/caller-token … confluence-access-graph
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json tsconfig.json tsconfig.build.json tsconfig.types.json ./
COPY sandbox ./sandbox
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY src ./src
RUN npm run --silent build

FROM node:24-bookworm-slim
WORKDIR /app
# The sandbox's folder is not there, so that npm installs what the lock holds without it.
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force
COPY --from=build /build/dist ./dist
COPY schema.graphql LICENSE ./

# Everybody may reach the port of a container: the server wants to know its callers then, and says so where nothing tells them apart.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
EXPOSE 4000
# For STATE_DIR, where the record of changes is kept without a database: mount a volume here.
RUN install -d -o node -g node -m 0700 /var/lib/confluence-access-graph
USER node

# Node is the first process and hears SIGTERM itself; it starts no others, so that there are none to reap.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/main.js"]
