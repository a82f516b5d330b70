# The dashboard. Agents are not in it: they run on the hosts themselves.

FROM node:22-bookworm-slim AS build
WORKDIR /src
COPY . .
# Install scripts stay off: every native part ships ready-made, and nothing foreign runs as root.
RUN npm ci --ignore-scripts --no-audit --no-fund
ENV NEXT_TELEMETRY_DISABLED=1 TURBO_TELEMETRY_DISABLED=1
RUN npm run --silent build -- --filter=@corral/dashboard

FROM node:22-bookworm-slim
# The folder where the dashboard makes its keys; a volume mounted here takes over its owner.
RUN install -d -o node -g node -m 700 /var/lib/corral/secrets
COPY --from=build /src/apps/dashboard/.next/standalone /app
WORKDIR /app
USER node
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 HOST=0.0.0.0 PORT=3000 CORRAL_SECRET_DIR=/var/lib/corral/secrets
EXPOSE 3000
ENTRYPOINT ["node", "apps/dashboard/server.mjs"]
