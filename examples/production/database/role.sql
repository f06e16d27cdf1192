-- Run once, by the database image's superuser: the product's own role owns its database and is no
-- superuser, whom no policy between agencies binds.
\set password `cat /run/secrets/database-password`
CREATE ROLE saraban LOGIN PASSWORD :'password';
CREATE DATABASE saraban OWNER saraban;
