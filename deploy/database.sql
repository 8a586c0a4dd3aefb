-- The database of the site, empty.
CREATE DATABASE cisfilm OWNER cisfilm_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE cisfilm FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE cisfilm TO cisfilm;
GRANT CONNECT ON DATABASE cisfilm TO cisfilm_reader;
