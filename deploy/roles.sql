-- Roles of the site. Owner of the tables: migrates, backs up. cisfilm: serves pages, rows only. cisfilm_reader: reads what is
-- no secret. They log in as the users of the machine of the same names; `manage.py grant_roles` gives their rights.
CREATE ROLE cisfilm_owner LOGIN CREATEDB;
-- Each process of the site has up to nine connections.
CREATE ROLE cisfilm LOGIN CONNECTION LIMIT 60;
CREATE ROLE cisfilm_reader LOGIN CONNECTION LIMIT 10;
