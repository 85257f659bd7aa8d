// Added to the builder's own configuration. Module ids by order: the builder's are
// made from absolute paths, so the build would differ from one folder to another.
module.exports = { optimization: { moduleIds: 'natural' } };
