package notebook

import (
	"strings"

	"gospark/kernel"
)

// coreSettings are the settings of Spark's core, Connect and SQL's static ones
// that people set at a server's start; SET -v does not tell them.
func coreSettings() []kernel.Match {
	var all []kernel.Match
	for line := range strings.Lines(coreTable) {
		key, meaning, _ := strings.Cut(strings.TrimSpace(line), " ")
		all = append(all, kernel.Match{Text: key, Type: "property", Signature: meaning})
	}
	return all
}

// coreTable has a key and its meaning on each line.
const coreTable = `spark.app.name name of the application, as the Web UI shows it
spark.master where Spark runs: local[*], spark://…, yarn, k8s://…
spark.submit.deployMode client or cluster
spark.driver.memory memory of the server's JVM: 2g
spark.driver.memoryOverhead memory of the driver beside its heap
spark.driver.cores cores of the driver, in cluster mode
spark.driver.maxResultSize how large the result of one action may be, in all; 0 is without bound
spark.driver.extraJavaOptions options of the driver's JVM
spark.driver.extraClassPath class path entries of the driver
spark.executor.memory memory of each executor: 4g
spark.executor.memoryOverhead memory of an executor beside its heap
spark.executor.cores cores of each executor
spark.executor.instances how many executors, without dynamic allocation
spark.executor.extraJavaOptions options of the executors' JVMs
spark.executor.extraClassPath class path entries of the executors
spark.cores.max cores of the whole application, on a standalone cluster
spark.default.parallelism partitions of RDDs when nobody says
spark.dynamicAllocation.enabled executors come and go with the work
spark.dynamicAllocation.minExecutors the fewest executors
spark.dynamicAllocation.maxExecutors the most executors
spark.dynamicAllocation.initialExecutors executors at the start
spark.dynamicAllocation.executorIdleTimeout after this time an idle executor is given back
spark.dynamicAllocation.shuffleTracking.enabled keep executors whose shuffle files are needed, without an external service
spark.memory.fraction part of the heap for execution and storage
spark.memory.storageFraction part of that which cached data keep
spark.memory.offHeap.enabled use memory outside of the heap
spark.memory.offHeap.size how much of it, in bytes
spark.local.dir folders for shuffle files and what spills to disk
spark.jars jar files, parted by commas
spark.jars.packages Maven coordinates, parted by commas: group:artifact:version
spark.jars.repositories further Maven repositories
spark.files files for the working folder of each executor
spark.archives archives that are unpacked in the working folder of each executor
spark.serializer class that serialises what is sent between JVMs
spark.scheduler.mode FIFO or FAIR between jobs of one application
spark.task.cpus cores of each task
spark.task.maxFailures how often a task may fail before its job does
spark.speculation run slow tasks a second time elsewhere
spark.network.timeout how long to wait for others, when nothing else says
spark.rpc.message.maxSize largest message between driver and executors, in MiB
spark.shuffle.service.enabled shuffle files outlive their executors
spark.eventLog.enabled write events, for the history server
spark.eventLog.dir folder of the event logs
spark.ui.enabled the Web UI
spark.ui.port port of the Web UI
spark.ui.retainedJobs how many jobs the Web UI remembers
spark.ui.retainedStages how many stages the Web UI remembers
spark.hadoop.fs.defaultFS file system of paths that name none
spark.hadoop.fs.s3a.endpoint address of an S3 service
spark.hadoop.fs.s3a.path.style.access buckets in the path instead of the host name
spark.sql.warehouse.dir folder of tables that have no path of their own
spark.sql.catalogImplementation hive or in-memory
spark.sql.extensions classes that extend SQL, parted by commas
spark.connect.progress.reportInterval how often a running operation tells its progress
spark.connect.grpc.maxInboundMessageSize largest request, in bytes
spark.connect.session.manager.defaultSessionTimeout after this time an unused session ends
spark.connect.execute.manager.detachedTimeout after this time an operation ends that nobody reads
spark.yarn.queue queue on YARN
spark.kubernetes.namespace namespace on Kubernetes
spark.kubernetes.container.image image of driver and executors on Kubernetes`
