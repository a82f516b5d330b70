-- The first tables. Names of constraints and indexes are the ones that Prisma would give.

CREATE TABLE "user" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "role" TEXT NOT NULL DEFAULT 'viewer',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "token" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ip_address" TEXT,
    "user_agent" TEXT,
    "user_id" TEXT NOT NULL,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id")
        ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "session_token_key" ON "session"("token");
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

CREATE TABLE "account" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "access_token" TEXT,
    "refresh_token" TEXT,
    "id_token" TEXT,
    "access_token_expires_at" TIMESTAMPTZ(3),
    "refresh_token_expires_at" TIMESTAMPTZ(3),
    "scope" TEXT,
    "password" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "account_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id")
        ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "account_user_id_idx" ON "account"("user_id");

CREATE TABLE "verification" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "verification_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "verification_identifier_idx" ON "verification"("identifier");

CREATE TABLE "host" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "public_key" BYTEA NOT NULL,
    "facts" JSONB NOT NULL,
    "labels" JSONB NOT NULL,
    "enrolled_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seen_at" TIMESTAMPTZ(3),

    CONSTRAINT "host_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "host_public_key_length" CHECK (octet_length("public_key") = 32)
);

CREATE TABLE "enrolment_token" (
    "hash" BYTEA NOT NULL,
    "created_by" TEXT NOT NULL,
    "labels" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "host_id" UUID,

    CONSTRAINT "enrolment_token_pkey" PRIMARY KEY ("hash"),
    CONSTRAINT "enrolment_token_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "host"("id")
        ON DELETE SET NULL ON UPDATE CASCADE,
    -- Text that is not a SHA-256 never gets in, least of all a token itself.
    CONSTRAINT "enrolment_token_hash_length" CHECK (octet_length("hash") = 32)
);

CREATE TABLE "container" (
    "id" BIGSERIAL NOT NULL,
    "host_id" UUID NOT NULL,
    "boot_id" UUID NOT NULL,
    "cgroup_id" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "runtime" TEXT NOT NULL,
    "image" TEXT,
    "labels" JSONB NOT NULL,
    "protection" TEXT,
    "started_at" TIMESTAMPTZ(6) NOT NULL,
    "first_seen" TIMESTAMPTZ(3) NOT NULL,
    "last_seen" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "container_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "container_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "host"("id")
        ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "container_host_id_boot_id_cgroup_id_key" ON "container"("host_id", "boot_id", "cgroup_id");

-- One row per container and minute. Partitions (one per UTC day) are made and dropped while running; each gets
-- toast_tuple_target = 128, which a partitioned table itself cannot have.
CREATE TABLE "block_second" (
    "container_id" BIGINT NOT NULL,
    "start" TIMESTAMPTZ(6) NOT NULL,
    "cpu_usage" REAL[],
    "cpu_system" REAL[],
    "cpu_throttled" REAL[],
    "memory_current" REAL[],
    "memory_working_set" REAL[],
    "memory_anon" REAL[],
    "memory_file" REAL[],
    "memory_swap" REAL[],
    "major_faults" REAL[],
    "io_read_bytes" REAL[],
    "io_write_bytes" REAL[],
    "io_read_ops" REAL[],
    "io_write_ops" REAL[],
    "network_receive_bytes" REAL[],
    "network_transmit_bytes" REAL[],
    "pids" REAL[],
    "pressure_cpu_some" REAL[],
    "pressure_memory_some" REAL[],
    "pressure_memory_full" REAL[],
    "pressure_io_some" REAL[],
    "pressure_io_full" REAL[],
    "frozen" REAL[],
    "avg" REAL[],
    "peak" REAL[],

    CONSTRAINT "block_second_pkey" PRIMARY KEY ("container_id", "start")
) PARTITION BY RANGE ("start");

-- Compressed inside the row, never moved out of it: a chart reads neighbouring rows. Partitions inherit this.
-- (The STORAGE clause of CREATE TABLE is newer than Postgres 15.)
ALTER TABLE "block_second"
    ALTER COLUMN "cpu_usage" SET STORAGE MAIN,
    ALTER COLUMN "cpu_system" SET STORAGE MAIN,
    ALTER COLUMN "cpu_throttled" SET STORAGE MAIN,
    ALTER COLUMN "memory_current" SET STORAGE MAIN,
    ALTER COLUMN "memory_working_set" SET STORAGE MAIN,
    ALTER COLUMN "memory_anon" SET STORAGE MAIN,
    ALTER COLUMN "memory_file" SET STORAGE MAIN,
    ALTER COLUMN "memory_swap" SET STORAGE MAIN,
    ALTER COLUMN "major_faults" SET STORAGE MAIN,
    ALTER COLUMN "io_read_bytes" SET STORAGE MAIN,
    ALTER COLUMN "io_write_bytes" SET STORAGE MAIN,
    ALTER COLUMN "io_read_ops" SET STORAGE MAIN,
    ALTER COLUMN "io_write_ops" SET STORAGE MAIN,
    ALTER COLUMN "network_receive_bytes" SET STORAGE MAIN,
    ALTER COLUMN "network_transmit_bytes" SET STORAGE MAIN,
    ALTER COLUMN "pids" SET STORAGE MAIN,
    ALTER COLUMN "pressure_cpu_some" SET STORAGE MAIN,
    ALTER COLUMN "pressure_memory_some" SET STORAGE MAIN,
    ALTER COLUMN "pressure_memory_full" SET STORAGE MAIN,
    ALTER COLUMN "pressure_io_some" SET STORAGE MAIN,
    ALTER COLUMN "pressure_io_full" SET STORAGE MAIN,
    ALTER COLUMN "frozen" SET STORAGE MAIN,
    ALTER COLUMN "avg" SET STORAGE MAIN,
    ALTER COLUMN "peak" SET STORAGE MAIN;

CREATE TABLE "intervention" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "verb" TEXT NOT NULL,
    "host_id" UUID NOT NULL,
    "container_id" BIGINT,
    "container_name" TEXT,
    "reason" TEXT,
    "args" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "code" TEXT,
    "detail" TEXT,
    "took_usec" DOUBLE PRECISION,
    "result" JSONB,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "intervention_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "intervention_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "host"("id")
        ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "intervention_container_id_fkey" FOREIGN KEY ("container_id") REFERENCES "container"("id")
        ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "intervention_status" CHECK ("status" IN ('pending', 'done', 'refused'))
);
CREATE INDEX "intervention_at_idx" ON "intervention"("at");
CREATE INDEX "intervention_container_id_at_idx" ON "intervention"("container_id", "at");
