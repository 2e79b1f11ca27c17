"""The office: HTTP, storage, planning, jobs and pages."""
